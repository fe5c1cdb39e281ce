"""Three documents of section 36(b) sales written by hand, in the forms that the publishers use.

``LISTED`` lists one article a line, ``RUNNING`` runs on, with a footnote inside the table and a stamped date,
``RECORD`` is a page of the Record with small capitals as lower case and a report of an enhancement.
"""

HEAD = """DEPARTMENT OF DEFENSE

Office of the Secretary

[Transmittal No. {n}]


Arms Sales Notification

AGENCY: Defense Security Cooperation Agency, Department of Defense (DoD).

ACTION: Arms sales notice.

-----------------------------------------------------------------------

SUMMARY: The DoD is publishing the unclassified text of an arms sales
notification.

FOR FURTHER INFORMATION CONTACT: Sample Person at sample@example.mil or
(703) 555-0100.

SUPPLEMENTARY INFORMATION: This 36(b)(1) arms sales notification is
published to fulfill the requirements of section 155 of Public Law 104-
164 dated July 21, 1996. The following is a copy of a letter to the
Speaker of the House of Representatives, Transmittal {n} with attached
Policy Justification and Sensitivity of Technology.

    Dated: July 5, 2018.
Sample Person,
Alternate OSD Federal Register Liaison Officer, Department of Defense.
BILLING CODE 5001-06-P
[GRAPHIC] [TIFF OMITTED] TN10JY18.000

BILLING CODE 5001-06-C

Transmittal No. {n}

Notice of Proposed Issuance of Letter of Offer Pursuant to Section
36(b)(1) of the Arms Export Control Act, as amended

"""
LISTED = (
    HEAD.format(n="18-13")
    + """    (i) Prospective Purchaser: Government of Mexico
    (ii) Total Estimated Value:

Major Defense Equipment*................  $ .8 billion
Other...................................  $ .4 billion
                                         -------------------------------
  Total.................................  $1.2 billion


    (iii) Description and Quantity or Quantities of Articles or
Services under Consideration for Purchase:
    Major Defense Equipment (MDE):
Eight (8) MH-60R Multi-Mission Helicopters, equipped with:
Sixteen (16) APS-153(V) Multi-Mode Radars (8 installed, 8 spares)
Thirty (30) AN/AVS-9 Night Vision Devices
Twelve (12) M-240D Crew Served guns
Twelve (12) GAU-21 Machine Guns
One hundred ninety-three (193) AGM-114 Hellfire Missiles
    Non-MDE: Also included are spare engine containers, facilities
study, design, and construction; spare and repair parts; support and
test equipment; M4 carbine racks; communications equipment.
    (iv) Military Department: Navy (MX-P-SAH)
    (v) Prior Related Cases, if any: None
    (vi) Sales Commission, Fee, etc., Paid, Offered, or Agreed to be
Paid: None
    (vii) Sensitivity of Technology Contained in the Defense Article or
Defense Services Proposed to be Sold: See Attached Annex
    (viii) Date Report Delivered to Congress: April 18, 2018

    * As defined in Section 47(6) of the Arms Export Control Act.

POLICY JUSTIFICATION

Mexico--MH-60R Multi-Mission Helicopters

    The Government of Mexico has requested to buy eight (8) MH-60R
helicopters and twelve (12) GAU-21 Machine Guns. Estimated total
program cost is $1.20 billion.
[FR Doc. 2018-14711 Filed 7-9-18; 8:45 am]
"""
)
RUNNING = (
    HEAD.format(n="14-09")
    + """    (i) Prospective Purchaser: The Government of Mexico
    (ii) Total Estimated Value:
---------------------------------------------------------------------------

    * As defined in Section 47(6) of the Arms Export Control Act.

Major Defense Equipment *...............  $525 million.
Other...................................  $155 million.
                                         -------------------------------
  TOTAL.................................  $680 million.


    (iii) Description and Quantity or Quantities of Articles or
Services under Consideration for Purchase: 18 UH-60M Black Hawk
Helicopters in standard USG configuration with designated unique
equipment and Government Furnished Equipment (GFE), 40 T700-GE-701D Engines
(36 installed and 4 spares), 18 Embedded Global Positioning
Systems/Inertial Navigation Systems, 36 M134 7.62mm Machine Guns, 5 Aviation
Mission Planning Systems, 1 Aviation Ground Power Unit, 36 AN/AVS-9 night
vision

[[Page 25849]]

devices, and 2,000 5.56mm M4 carbines with 10,000 magazines. Also included are spare parts.
    (iv) Military Department: Army (UAA)
    (v) Prior Related Cases, if any: FMS case SAC-$198M-20Feb09
    (vi) Sales Commission, Fee, etc., Paid, Offered, or Agreed to be
Paid: None.
    (vii) Sensitivity of Technology Contained in the Defense Article or
Defense Services Proposed to be Sold: See Annex attached.
    (viii) Date Report Delivered to Congress: 17 APR 2014
Policy Justification
    The Government of Mexico has requested.
[FR Doc. 2014-10264 Filed 5-6-14; 8:45 am]
"""
)
RECORD = """                        ARMS SALES NOTIFICATION

  Mr. SAMPLE. Mr. President, section 36(b) of the Arms Export Control
Act requires that Congress receive prior notification.

                                          U.S. Department of State,
                                                   Washington, DC.

              CONGRESSIONAL NOTIFICATION TRANSMITTAL LETTER

       Please find enclosed the following notification from the
     Department of State.
       Department Notification Number: RSAT 26-1C.
       Pursuant to the reporting requirements of Section
     36(b)(5)(C) of the Arms Export Control Act (AECA), as
     amended, we are forwarding Transmittal No. 26-1C. This
     notification relates to enhancements or upgrades from the
     level of sensitivity of technology or capability described in
     the Section 36(b)(1) AECA certification 23-26 of May 11,
     2023.
       Recipients:
       Speaker of the House of Representatives
       Sincerely,
                                                Sample Official,
                                         Senior Bureau Official,
                                   Bureau of Legislative Affairs.

                         transmittal no. 26-1c

     Report of Enhancement or Upgrade of Sensitivity of Technology
              or Capability (Sec. 36(b)(5)(C), AECA)

       (i) Prospective Purchaser: Government of Mexico.
       (ii) Sec. 36(b)(1), AECA Transmittal No.: 23-26; Date: May
     11, 2023; Implementing Agency: Army.
       Funding Source: National Funds.
       (iii) Description: On May 11, 2023, Congress was notified by
     Congressional certification transmittal number 23-26 of the
     possible sale of ten (10) vehicles. This transmittal reports
     the addition of the following MDE items: two hundred (200)
     M240B 7.62mm machine guns; and five (5) M2A1 .50 caliber
     machine guns.
       (iv) Significance: This notification is being provided as
     the additional items were not enumerated.
       (v) Justification: This proposed sale will support.
       (vi) Sensitivity of Technology: Unclassified.
       (vii) Date Report Delivered to Congress: May 15, 2026.

                         transmittal no. 26-40

       Notice of Proposed Issuance of Letter of Offer Pursuant to
     Section 36(b)(1) of the Arms Export Control Act, as amended

       (i) Prospective Purchaser: Kingdom of the Netherlands.
       (ii) Total Estimated Value:
       Major Defense Equipment* $0 million.
       Other $150 million.
       Total $150 million.
       Funding Source: National Funds.
       (iii) Description and Quantity or Quantities of Articles or
     Services Under Consideration for Purchase:
       Major Defense Equipment (MDE): None.
       Non-MDE: Included are small arms ammunition; 7.62mm and .50
     caliber cartridges; Glock 17 pistols; HK416 rifles; and other
     related elements of logistics and program support.
       (iv) Military Department: Army (NE-B-ABC).
       (v) Prior Related Cases, if any: None.
       (vi) Sales Commission, Fee, etc., Paid, Offered, or Agreed
     to be Paid: None known at this time.
       (vii) Sensitivity of Technology Contained in the Defense
     Article or Defense Services Proposed to be Sold: See Attached
     Annex.
       (viii) Date Report Delivered to Congress: May 15, 2026.
       *As defined in Section 47(6) of the Arms Export Control Act.

                          policy justification

                  Netherlands--Ammunition

       The Netherlands has requested.

                          ____________________
"""
