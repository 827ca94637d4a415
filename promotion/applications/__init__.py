"""Applications 晋升申请: from a standing that is eligible to a line of the ledger, by the steps of the policy's own process."""
