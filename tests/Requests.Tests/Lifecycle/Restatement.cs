using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>
/// Design 2 said a second time, by hand and in another form, so that a wrong line of the table is seen: a line for a step, whose it
/// is, who may take it, from where, and where it leads (a dot: nowhere). An R behind: recorded while the partner is off the exchange.
/// </summary>
static class Restatement
{
    const string Lines = """
        save_draft              ask  all  dr                             .
        name_subjects           ask  all  dr                             .
        name_subjects           ask  auth tr de ac re ix sr sp po fo     .
        add_document            ask  all  dr tr de ac re ix sr sp po fo pe .
        add_document            give all  tr de ac re ix sr sp po fo pe  .
        submit                  ask  all  dr                             su
        send_back               ask  auth su                             dr
        approve                 ask  auth su                             .
        transmit                ask  auth su                             tr
        transmit_alone          ask  auth su                             tr
        confirm_transmission    ask  auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        lapse_transmission      ask  auth tr de ac re ix sr sp po fo pe  wi
        lapse_transmission      ask  auth ex rf ne rt wi cl cu           .
        amend                   ask  auth tr de ac re ix sr sp po fo     .
        assign                  ask  all  dr su tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        assign                  give auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        confirm_delivery        give auth tr                             de R
        acknowledge             give auth tr de fo                       ac R
        recognise               give auth tr de ac fo po sp              re R
        start_execution         give auth tr de ac re fo po sp           ix R
        request_supplement      give auth tr de ac re ix sr sp po fo pe  sr R
        provide_supplement      ask  all  sr                             sp
        postpone                give auth tr de ac re ix sp po fo        po R
        forward                 give auth tr de ac re ix sp po fo        fo R
        request_status_report   ask  all  tr de ac re ix sr sp po fo pe  .
        report_status           give auth tr de ac re ix sr sp po fo pe  . R
        return                  give auth tr de ac re ix sr sp po fo     rt R
        execute                 give auth tr de ac re ix sr sp po fo pe cu ex R
        execute_in_part         give auth tr de ac re ix sr sp po fo pe cu pe R
        refuse                  give auth tr de ac re ix sr sp po fo pe cu rf R
        declare_not_executable  give auth tr de ac re ix sr sp po fo pe cu ne R
        withdraw                ask  all  dr su                          wi
        withdraw                ask  auth tr de ac re ix sr sp po fo pe  wi
        supersede               ask  auth ex pe rf ne rt wi cl cu        .
        close                   ask  auth ex pe rf ne rt wi              cl
        close_unanswered        ask  auth tr de ac re ix sr sp po fo     cu
        change_channel          ask  auth tr de ac re ix sr sp po fo pe  .
        remind                  ask  auth tr de ac re ix sr sp po fo     .
        propose_correction      both auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        confirm_correction      both auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        correct_own_entry       both auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        reject_correction       both auth tr de ac re ix sr sp po fo ex pe rf ne rt wi cl cu .
        """;

    static readonly Dictionary<string, Status> Statuses = new()
    {
        ["dr"] = Status.Draft, ["su"] = Status.Submitted, ["tr"] = Status.Transmitted, ["de"] = Status.Delivered,
        ["ac"] = Status.Acknowledged,
        ["re"] = Status.Recognised, ["ix"] = Status.InExecution, ["sr"] = Status.SupplementRequested, ["sp"] = Status.SupplementProvided,
        ["po"] = Status.Postponed, ["fo"] = Status.Forwarded, ["ex"] = Status.Executed, ["pe"] = Status.PartiallyExecuted,
        ["rf"] = Status.Refused,
        ["ne"] = Status.NotExecutable, ["rt"] = Status.Returned, ["wi"] = Status.Withdrawn, ["cl"] = Status.Closed,
        ["cu"] = Status.ClosedUnanswered,
    };

    static readonly List<Line> Table = [.. Lines.Split('\n').Select(Line.Read)];

    public static IReadOnlyCollection<Status> AllStatuses => Statuses.Values;

    /// <summary>
    /// What a request of BY to PL that was filed here allows an officer; ok, or the refusal's reason, and where it leads.
    /// </summary>
    /// <param name="missing">Neither delivery nor acknowledgement has a day yet: word of them may come late by post.</param>
    public static (string Verdict, Status? To) Of(StepCode step, Status status, Caller caller, Channel channel, bool missing = true)
    {
        var sent = status is not (Status.Draft or Status.Submitted);
        var (asks, off) = (caller.State == "BY", sent && channel == Channel.OffExchange);
        if (step == StepCode.Adopt)
            return (asks ? "NOT_TO_ADOPT" : "WRONG_SIDE", null);
        var lines = Table.Where(line => line.Step == step).ToList();
        var own = lines.Where(line => line.Side is "both" || line.Side == (asks ? "ask" : "give")).ToList();
        var recording = own.Count == 0 && asks && off && lines.Exists(line => line.Recorded);
        if (own.Count == 0 && !recording)
            return ("WRONG_SIDE", null);
        var authorised = caller.Role is CallerRole.Prosecutor or CallerRole.Liaison;
        if (!authorised && (recording || own.TrueForAll(line => line.Who == "auth")))
            return ("WRONG_ROLE", null);
        if (!asks && off)
            return ("WRONG_CHANNEL", null);
        var line = (recording ? lines : own).FirstOrDefault(line => line.From.Contains(status) && (line.Who == "all" || authorised));
        if (line is not null)
            return ("ok", line.To);
        var late = recording && missing && step switch
        {
            StepCode.ConfirmDelivery => status != Status.Delivered,
            StepCode.Acknowledge => status != Status.Acknowledged,
            _ => false,
        };
        return late ? ("ok", null) : ("STEP_NOT_ALLOWED", null);
    }

    sealed record Line(StepCode Step, string Side, string Who, IReadOnlyList<Status> From, Status? To, bool Recorded)
    {
        public static Line Read(string text)
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
            var recorded = words.Remove("R");
            return new(Enum.Parse<StepCode>(words[0].Replace("_", "", StringComparison.Ordinal), ignoreCase: true), words[1], words[2],
                [.. words[3..^1].Select(word => Statuses[word])], words[^1] == "." ? null : Statuses[words[^1]], recorded);
        }
    }
}
