"""Vanthu: document management and administration system of a whole city (Hệ thống quản lý văn bản và điều hành)."""
