### Small signs: kind, clearness, source, and where they stand.

## Kind

sign-category-sleep = Sleep
sign-category-fatigue = Tiredness and mood
sign-category-instructions = Instructions and changes at work
sign-category-relations = People at work
sign-category-body = Body
sign-category-medication = Medicine and doctor
sign-category-attendance = Attendance
sign-category-confidence = Confidence and mistakes
sign-category-life = Money, home, family
sign-category-isolation = Isolation
sign-category-workload = Amount of work
sign-category-positive = Something good

## How clearly the words say it (no measure of risk)

sign-level-1 = faint
sign-level-2 = clear
sign-level-3 = strong

## Source

sign-source-person = The person's own words
sign-source-employer = From the employer
sign-source-staff = Seen by staff
sign-source-silence = No reply
sign-source-pattern = Different from usual

## State

sign-state-suggested = To be looked at
sign-state-confirmed = Confirmed
sign-state-dismissed = Not a sign
sign-state-acting = Being acted on
sign-state-resolved = Settled
