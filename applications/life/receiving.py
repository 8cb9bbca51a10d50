"""受取方法 of an application: how its papers are fetched at the counter."""

from applications.models import Application, ReceivingMethod


def switch_to_vehicle_code(application):
    """From now on, for good, only the code of this one vehicle fetches its papers.

    ``application`` is locked by the caller; returns whether this changed anything.
    """
    if application.receiving_method == ReceivingMethod.VEHICLE_CODE:
        return False
    application.receiving_method = ReceivingMethod.VEHICLE_CODE
    Application.objects.filter(pk=application.pk).update(
        receiving_method=ReceivingMethod.VEHICLE_CODE
    )
    return True
