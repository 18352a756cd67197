"""WeCom, and the platforms of WeChat that share its transport: tokens in the query, errcode in the answer."""
