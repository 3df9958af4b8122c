"""Limits that hold while the bytes are still coming in."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Write uploads to the media file system."""
