namespace Exchange.System.Tests;

/// <summary>Every check that a stranger's client makes, in each language; a script that leaves one out is red.</summary>
public static class Interoperability
{
    public static readonly string[] Names =
    [
        "client_stream_checks_a_register_and_stores_nothing",
        "bidirectional_import_names_faulty_rows_and_keeps_the_others",
        "bidirectional_import_again_changes_nothing",
        "unary_status_is_read",
        "unary_list_goes_page_by_page",
        "unary_request_is_shown_without_identities",
        "server_stream_reads_the_journal",
        "every_violation_is_named",
        "every_violation_of_a_stream_is_named",
        "role_that_may_not_is_told_so",
        "other_states_officer_may_not_import",
        "request_of_a_register_is_not_found_like_an_absent_one",
        "unknown_method_is_unimplemented",
        "deadline_ends_a_watch",
        "deadline_ends_an_upload_that_pauses",
        "cancelled_watch_ends",
        "cancelled_upload_stores_nothing",
        "cancelled_journal_ends",
        "ascii_metadata_does_no_harm",
        "binary_metadata_does_no_harm",
        "trace_context_is_accepted",
        "what_metadata_claims_does_not_count",
        "headers_and_trailers_are_read",
        "gzip_is_read_and_answered_with_gzip",
        "deflate_is_read",
        "who_does_not_compress_is_answered_plainly",
        "chunk_of_the_largest_size_is_taken",
        "message_below_the_limit_passes_the_transport",
        "message_above_the_limit_is_refused",
        "health_is_checked",
        "health_is_watched",
        "reflection_lists_the_services",
        "reflection_finds_the_file_of_a_symbol",
        "reflection_answers_each_question_of_a_stream",
        "client_made_from_reflection_alone_calls",
        "no_certificate_is_refused",
        "strangers_certificate_is_refused",
        "server_that_the_client_does_not_trust_gets_no_call",
        "call_without_tls_is_refused",
    ];

    /// <summary>For a theory.</summary>
    public static TheoryData<string> Checks { get; } = [.. Names];
}
