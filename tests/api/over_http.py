"""A browser's half of ``tests.visitor`` over HTTP, for a portal that is a process of its own."""

import httpx


class Browser:
    """What Visitor asks of a Django test client."""

    def __init__(self, origin):
        self._http = httpx.Client(base_url=origin, timeout=60, trust_env=False)

    def get(self, path, data=None, *, follow=True):
        return self._answer(self._http.get(path, params=data, follow_redirects=follow))

    def post(self, path, data, *, follow=True):
        """``data`` with open files among its values, as Django's client takes them."""
        files = {name: (it.name, it.read()) for name, it in data.items() if hasattr(it, "read")}
        fields = {name: value for name, value in data.items() if name not in files}
        headers = {"Origin": str(self._http.base_url).rstrip("/")}
        return self._answer(
            self._http.post(
                path, data=fields, files=files or None, headers=headers, follow_redirects=follow
            )
        )

    def close(self):
        self._http.close()

    def _answer(self, response):
        return _Answer(response)


class _Answer:
    def __init__(self, response):
        self.status_code, self.content = response.status_code, response.content
        moved = [response.url.path] if response.history else []
        self.redirect_chain = [(path, 302) for path in moved]
        self._headers = response.headers

    def __getitem__(self, name):
        return self._headers[name]
