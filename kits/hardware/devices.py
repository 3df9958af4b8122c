"""Facts about the machine, in one table; docs/hardware.md gives each one's source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """One machine model with its limits.

    Rates are in Hz, lengths in seconds or bytes, names in ASCII characters.
    """

    name: str
    banks: str
    pads_per_bank: int
    projects: int
    polyphony: int  # voices; a stereo sound takes two
    rate: int
    bit_depth: int
    max_channels: int
    min_seconds: float
    longest_seconds: int  # warn above
    longest_bytes: int  # refuse above
    storage_bytes: int  # what comes with it included
    name_length: int
    project_name_length: int
    visible_name_length: int
    safe_characters: str
    formats: tuple[str, ...]
    import_folder: str
    export_folder: str
    backup_folder: str
    files_per_folder: int  # warn above
    min_bpm: float
    max_bpm: float

    @property
    def pads(self) -> int:
        """Pads in one project."""
        return len(self.banks) * self.pads_per_bank

    @property
    def samples(self) -> int:
        """Sounds in all projects together."""
        return self.pads * self.projects


# M = Roland's reference manual, F = files that real units wrote, U = careful users'
# reports, O = our own choice. docs/hardware.md says the same in a longer form.
SP404MKII = Device(
    name="SP-404MKII",
    banks="ABCDEFGHIJ",  # M, F
    pads_per_bank=16,  # M, F
    projects=16,  # M
    polyphony=32,  # M
    rate=48_000,  # M, F
    bit_depth=16,  # M, F
    max_channels=2,  # F
    min_seconds=0.1,  # U: the unit's own limit is not published
    longest_seconds=960,  # M: 16 minutes
    longest_bytes=185_506_412,  # U: a figure from Roland's support
    storage_bytes=16_000_000_000,  # M
    name_length=23,  # F: a field of 24 bytes that ends in NUL
    project_name_length=31,  # F: a field of 32 bytes, kept NUL-terminated
    visible_name_length=16,  # U
    safe_characters=(  # U: any other one ends in "Unsupported FILE"
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!&()+-,.=@[]{} "
    ),
    formats=("wav", "aiff", "mp3"),  # M: from an SD card
    import_folder="IMPORT",  # F
    export_folder="EXPORT",  # F
    backup_folder="BKUP",  # M, F
    files_per_folder=250,  # O: no source gives a limit
    min_bpm=40.0,  # M
    max_bpm=200.0,  # M
)
