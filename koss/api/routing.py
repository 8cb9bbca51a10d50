"""The one router: operations of one address stand together, whichever module has them."""

from ninja import Router

router = Router()
