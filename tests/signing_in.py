"""Signing in to an application, as every applicant does."""

from koss.demo.journeys import PASSWORD


def signs_in(visitor, application):
    """Let ``visitor`` sign in to ``application``; returns the path of its status page."""
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", application.receipt_number)
    visitor.presses("次へ")
    visitor.fills("申請用パスワード", PASSWORD)
    visitor.presses("ログイン")
    visitor.sees(application.get_status_display())
    return visitor.path
