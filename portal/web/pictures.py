"""Public pictures under names that never change their content. No row is asked: the names are 128 random bits.

Private documents lie in another folder and are served by the offices that may show them.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Flask, Response, after_this_request, current_app, send_file
from werkzeug.datastructures import FileStorage

from portal.domain.stores.values import Picture
from portal.kernel.pictures import MOST_BYTES, Rendition, read_picture, read_upload
from portal.services import Services

pictures = Blueprint("pictures", __name__)
FOREVER = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Register the one route that is no office's."""
    app.register_blueprint(pictures)


@pictures.get("/pictures/<name>")
def show(name: str) -> Response:
    """A picture, to be kept for ever. NotFound for a name that is not ours."""
    services: Services = current_app.extensions["portal"]
    response = send_file(services.pictures.open(name), "image/webp", etag=False, conditional=False)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def keep(upload: FileStorage, *, field: str) -> Picture:
    """Draw an uploaded picture anew and keep it. Refuses what is not one still picture of a bearable size."""
    services: Services = current_app.extensions["portal"]
    content = read_upload(cast(BinaryIO, upload.stream), most=MOST_BYTES, field=field)
    drawn = read_picture(content, field=field)

    def put(file: Rendition) -> str:
        return services.pictures.put(file.content, file.suffix)

    full, wide, small = (put(file) for file in (drawn.full, drawn.wide, drawn.small))
    return Picture(full, wide, small, drawn.full.width, drawn.full.height, drawn.colour)


def forget_later(names: tuple[str, ...]) -> None:
    """Delete the files of a picture once its row is gone for certain; files of an act that fails stay."""
    services: Services = current_app.extensions["portal"]

    @after_this_request
    def delete(response: Response) -> Response:
        if response.status_code < 400:
            for name in names:
                services.pictures.delete(name)
        return response
