"""Kits without sounds: what each pad is for and how it plays, kept under a name."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now


class KitTemplate(models.Model):
    """What a person's new kits can begin with.

    wants: pad address -> what `kits.blueprints.Want.plain` makes of it. whole: bank letters and
    the kit itself -> their fields, named as in the steps of a kit.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kit_templates")
    name = models.CharField(max_length=60)
    wants = models.JSONField(default=dict)
    whole = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        """One template of a name for each person, whatever its case."""

        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="kits_template_once")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
