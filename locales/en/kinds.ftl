# Names of the roster's codes

## Reasons for leaving

leaving-personal = Personal reasons
leaving-health = Health
leaving-relations = Relations at work
leaving-work_content = The work didn't fit
leaving-conditions = Pay or working conditions
leaving-new_job = Another job
leaving-contract_end = End of the contract
leaving-employer = Decision of the employer
leaving-harassment = Harassment
leaving-family = Family matters
leaving-study = School or training
leaving-retirement = Retirement by age
leaving-death = Death
leaving-welfare_service = Moved to a welfare service
leaving-on_leave = On leave
leaving-unknown = Not known
leaving-other = Something else

## Kinds of disability

disability-physical = Physical
disability-intellectual = Intellectual
disability-mental = Mental
disability-developmental = Developmental
disability-higher_brain = Higher brain dysfunction
disability-intractable = Intractable disease

## Certificates

certificate-physical = Physical disability certificate
certificate-intellectual = Intellectual disability certificate
certificate-mental = Mental disability certificate
certificate-none = No certificate

## Kinds of service

service-transition = Transition support (first six months)
service-retention = Retention support
