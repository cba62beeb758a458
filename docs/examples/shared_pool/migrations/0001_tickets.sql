CREATE TABLE {{tables.tickets}} (
    ticket_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer text NOT NULL,
    subject text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now()
);
