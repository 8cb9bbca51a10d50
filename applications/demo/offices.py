"""The offices of the demo world, with a counter clerk each."""

TOKYO, SAITAMA, KANAGAWA = "東京主管事務所", "埼玉事務所", "神奈川事務所"
# Office → the name with which its clerk signs in to the admin.
CLERKS = {TOKYO: "madoguchi", SAITAMA: "madoguchi-saitama", KANAGAWA: "madoguchi-kanagawa"}
# Which names stand on the plates of the vehicles of each.
AREAS = {TOKYO: "品川", SAITAMA: "大宮", KANAGAWA: "横浜"}
# How the applications are spread: most go to the first.
SPREAD = (TOKYO, SAITAMA, TOKYO, KANAGAWA)
