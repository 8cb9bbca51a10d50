"""How the server takes a file in: on a disk, and no more of it than any page takes."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from applications.uploads.child import LARGEST


class NoMoreThanTaken(TemporaryFileUploadHandler):
    """What follows the first bytes too many is read and thrown away; ``size`` counts it all."""

    def receive_data_chunk(self, raw_data, start):
        if start <= LARGEST:
            super().receive_data_chunk(raw_data, start)
