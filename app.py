"""The page of cxmodel, opened by `cxmodel app`."""
