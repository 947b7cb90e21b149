"""What a merchant's people should know of a client before they lay hands on him: 客户档案."""
