"""Every certificate becomes the credential that it is: same public id, photo, date and lines; held by its lot or its supplier."""

from collections import defaultdict

from django.db import migrations

BATCH = 500
OF_A_LOT = {
    "batch-test-report", "factory-certificate", "receipt", "quarantine-certificate", "meat-quality-certificate",
    "swine-fever-report", "meat-product-certificate", "commitment-certificate", "purchase-voucher", "market-voucher",
    "import-inspection", "tableware-certificate", "other-paper",
}  # fmt: skip
ONE_AT_A_TIME = {"sc-licence", "jy-licence", "prepackaged-filing", "small-workshop", "water-report", "school-milk"}


def move(apps, schema_editor):
    """Products get the subject that a paper can be about; then the papers of each school in turn."""
    _give_products_subjects(apps)
    Certificate = apps.get_model("canteen", "Certificate")
    for org in Certificate.objects.order_by("org").values_list("org", flat=True).distinct():
        _move_school(apps, Certificate, org)


def _give_products_subjects(apps):
    Product, Subject = apps.get_model("canteen", "Product"), apps.get_model("subjects", "Subject")
    products = list(Product.objects.filter(subject__isnull=True).order_by("pk"))
    made = Subject.objects.bulk_create(
        [Subject(kind="product", org_id=product.org_id, label=product.name) for product in products], batch_size=BATCH
    )
    for product, subject in zip(products, made, strict=True):
        product.subject = subject
    Product.objects.bulk_update(products, ["subject"], batch_size=BATCH)


def _move_school(apps, Certificate, org):
    Credential = apps.get_model("credentials", "Credential")
    old_links, links = Certificate.lines.through, apps.get_model("canteen", "DeliveryLine").certificates.through
    shown = defaultdict(dict)
    rows = old_links.objects.filter(certificate__org=org)
    for paper, line, subject in rows.values_list("certificate_id", "deliveryline_id", "deliveryline__lot__subject_id"):
        shown[paper][line] = subject
    papers = list(Certificate.objects.filter(org=org).select_related("supplier", "product").order_by("pk"))
    made = Credential.objects.bulk_create(
        [
            Credential(
                public_id=paper.public_id, org_id=org, holder_id=_holder(paper, set(shown[paper.pk].values())),
                about_id=paper.product.subject_id if paper.product else None, kind=paper.kind, number=paper.number,
                expires_on=paper.valid_until, photo_id=paper.photo_id, recorded_at=paper.recorded_at,
                account_id=paper.account_id,
            )
            for paper in papers
        ],
        batch_size=BATCH,
    )  # fmt: skip
    _chain(Credential, made)
    links.objects.bulk_create(
        [
            links(credential_id=row.pk, deliveryline_id=line)
            for paper, row in zip(papers, made, strict=True)
            for line in shown[paper.pk]
        ],
        batch_size=BATCH,
    )


def _holder(paper, lots):
    """The one lot that it was shown for; its supplier where it holds for more."""
    if paper.kind in OF_A_LOT and paper.valid_until is None and len(lots) == 1:
        return next(iter(lots))
    return paper.supplier.subject_id


def _chain(Credential, made):
    """What ends later comes after what ended earlier, as it does when it is recorded now."""
    series = defaultdict(list)
    for row in made:
        if row.expires_on:
            number = "" if row.kind in ONE_AT_A_TIME else row.number
            series[row.holder_id, row.about_id, row.kind, number].append(row)
    later = []
    for rows in series.values():
        rows.sort(key=lambda row: (row.expires_on, row.pk))
        for before, after in zip(rows, rows[1:], strict=False):
            after.renews = before
            later.append(after)
    Credential.objects.bulk_update(later, ["renews"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("canteen", "0004_papers_are_credentials")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
