-- a copy for tests follows nobody up: what runs is paused, what has not left is taken back, nothing starts by itself
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND id IN (SELECT mail_id FROM opportunity_enrollment_step WHERE mail_id IS NOT NULL);
UPDATE opportunity_enrollment_step
   SET delivery = 'held', date_retry = NULL
 WHERE delivery = 'queued' OR date_retry IS NOT NULL;
UPDATE opportunity_enrollment
   SET state = 'paused', date_paused = now() AT TIME ZONE 'UTC', pause_note = 'neutralized'
 WHERE state = 'active';
UPDATE opportunity_sequence
   SET start_on = 'hand'
 WHERE start_on <> 'hand';
