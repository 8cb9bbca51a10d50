"""Which form a step of 申請を行う is answered by. The files have pages of their own."""

from applications.apply.forms import paying, steps

FORMS = {
    "plate": steps.PlateForm,
    "use": steps.UseForm,
    "chassis": steps.ChassisForm,
    "model": steps.ModelForm,
    "papers": steps.PapersForm,
    "applicant": steps.ApplicantForm,
    "user": steps.UserForm,
    "owner": steps.OwnerForm,
    "address": steps.AddressForm,
    "proof": paying.ProofForm,
    "base": steps.BaseForm,
    "office": steps.OfficeForm,
    "weight": paying.WeightForm,
    "earlier": paying.EarlierForm,
    "payment": paying.PaymentForm,
    "batch_file": paying.PayersFileForm,
    "receiving": paying.ReceivingForm,
    "receiver": paying.ReceiverForm,
    "agent": paying.AgentForm,
}
