-- Which partner has enrolled a member: it gets the same answer when it asks again, also before the member has linked a card.
alter table member add column enrolled_by_no integer;
