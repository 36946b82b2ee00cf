"""Google's answers by PyPI's `phonenumbers`, in the form that the example `numbers` prints.

It reads lines of REGION<TAB>INPUT, as the example `inputs` prints them. CONTRIBUTING.md has the commands.
"""

import io
import sys

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

POSSIBLE = ["IS_POSSIBLE", "IS_POSSIBLE_LOCAL_ONLY", "INVALID_COUNTRY_CODE", "TOO_SHORT", "INVALID_LENGTH", "TOO_LONG"]
ERRORS = ["INVALID_COUNTRY_CODE", "NOT_A_NUMBER", "TOO_SHORT_AFTER_IDD", "TOO_SHORT_NSN", "TOO_LONG"]
POSSIBLE = {getattr(ValidationResult, name): name for name in POSSIBLE}
ERRORS = {getattr(NumberParseException, name): name for name in ERRORS}


def answer(region, text):
    try:
        number = phonenumbers.parse(text, None if region == "-" else region)
    except NumberParseException as error:
        return f"-\t{ERRORS[error.error_type]}"
    return "\t".join(
        [
            phonenumbers.format_number(number, PhoneNumberFormat.E164),
            POSSIBLE[phonenumbers.is_possible_number_with_reason(number)],
            str(phonenumbers.is_valid_number(number)).lower(),
            PhoneNumberType.to_string(phonenumbers.number_type(number)),
            phonenumbers.region_code_for_number(number) or "-",
        ]
    )


for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n"):
    print(answer(*line.removesuffix("\n").split("\t", 1)))
