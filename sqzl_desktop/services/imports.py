"""导入导出 (to be completed)."""
