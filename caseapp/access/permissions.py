"""Every permission there is, as `noun:verb`."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may do at all; over which rows is decided by scope and policy."""

    TODAY = "today:see"
    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"  # register, edit, tag, consent, households
    CLIENT_REVEAL = "client:reveal"  # show an ID number, phone or address in full
    CLIENT_END = "client:end"  # end an enrolment
    CLIENT_MERGE = "client:merge"  # join two records of one person, take it back, say that two are two, answer other stations
    CASE_READ = "case:read"
    CASE_OPEN = "case:open"
    CASE_WRITE = "case:write"  # assess, plan, take ordinary steps
    CASE_ASSIGN = "case:assign"  # worker, co-workers, people named on a P3 file
    HANDOVER = "handover:write"  # offer own files to a colleague, accept or decline
    COVER = "cover:set"  # who stands in for whom until when
    CASE_CLOSE = "case:close"
    CASE_REOPEN = "case:reopen"
    VISIT_READ = "visit:read"
    VISIT_WRITE = "visit:write"
    VISIT_VOID = "visit:void"  # own within 7 days; any with VISIT_VOID_ANY
    VISIT_VOID_ANY = "visit:void_any"
    SERVICE_WRITE = "service:write"
    REVIEW_READ = "review:read"
    REVIEW_ASK = "review:ask"
    REVIEW_PLAN = "review:plan"  # decide on plans
    REVIEW_CLOSURE = "review:closure"  # decide on closures and files
    REFERRAL_READ = "referral:read"
    REFERRAL_WRITE = "referral:write"  # make, send, take back
    REFERRAL_ANSWER = "referral:answer"  # take in or turn down what was sent to the own station
    REFERRAL_CONFIRM = "referral:confirm"  # restricted packets, and the only worker of a station
    BODY_WRITE = "body:write"  # the register of outside bodies
    COMMENT_WRITE = "comment:write"
    HARM_REPORT = "harm:report"  # report harm to a person whose line is in sight, the file opened or not
    FILE_PURPOSE = "file:purpose"  # open a minor's file by naming a purpose
    GLASS_BREAK = "glass:break"  # open a restricted file of the own station in an emergency, by its exact number
    FILE_TRAIL = "file:trail"  # who saw this file
    STATION_COUNTS = "station:counts"  # live counts of the own station, on screen only
    OVERSIGHT = "oversight:read"  # what is late, risky or missing at the stations of the grant, with the lists behind it
    LIST_EXPORT = "list:export"  # a list of the own station as a file, for a stated purpose
    GRANT_CONFIRM = "grant:confirm"
    GRANT_PROPOSE = "grant:propose"
    CONTROL_SET = "control:set"  # which roles need a second factor, and whether one that was lost is taken away
    ACCOUNT_MANAGE = "account:manage"
    ORGANISATION_MANAGE = "organisation:manage"
    FIGURES_READ = "figures:read"
    FIGURES_EXPORT = "figures:export"
    FOCUS_SET = "focus:set"  # what a county stresses: key items, groups, its brand
    RELEASE_MAKE = "release:make"
    EXTRACT_MAKE = "extract:make"  # extracts of closed cases: weigh, make, check, fetch, withdraw
    BACKUP = "backup:make"  # save the whole database, put it back, try whether that works; on the server only
    DISPOSAL_ASK = "disposal:ask"  # hold a person's data, or wish that what need not be kept any more be deleted for good
    DISPOSAL_AGREE = "disposal:agree"  # the second yes
    KEYS_ROTATE = "keys:rotate"  # bring what is sealed under a new key; on the server only
    AUDIT_READ = "audit:read"
    AUDIT_REVIEW = "audit:review"  # say what came of a day that stood out
