s#objects/[0-9a-f]{2}/[0-9a-f]{38}#objects/<object>#
