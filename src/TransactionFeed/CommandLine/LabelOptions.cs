using System.CommandLine;
using System.CommandLine.Parsing;
using TransactionFeed.Labels;

namespace TransactionFeed.CommandLine;

/// <summary>The options of <c>replay</c> that say which labels it sends along, and when.</summary>
internal sealed class LabelOptions
{
    private const string Inline = "inline";

    private static readonly LabelSettings Defaults = new();

    private readonly Option<string[]> _labels = new("--labels")
    {
        Description = "Send what transactions turned out to be when it becomes known: from files, CSV (transactionId,accountId,fraud) or NDJSON, "
            + "or 'inline', from the transactions' own column (TX_FRAUD in the handbook's files, else fraud).",
        HelpName = "FILE…|inline",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<TimeSpan> _delay = SharedOptions.Duration(
        "--label-delay",
        "How long after its transaction a label becomes known, by event time; it is sent before the first transaction of that hour. Without --labels: inline.",
        Defaults.Delay);

    private readonly Option<bool> _genuine = new("--label-genuine") { Description = "Send what turned out to be genuine as well, not only frauds." };

    private readonly Option<bool> _rest = new("--label-rest") { Description = "At the end of the input send the labels that are not due by then, too." };

    public void AddTo(Command command)
    {
        command.Add(_labels);
        command.Add(_delay);
        command.Add(_genuine);
        command.Add(_rest);
        command.Validators.Add(Check);
    }

    /// <summary>Whether labels are to be sent.</summary>
    public bool AreAskedFor(CommandResult result) => result.GetResult(_labels) is { Implicit: false } || result.GetResult(_delay) is { Implicit: false };

    /// <summary>Null where no labels are to be sent.</summary>
    public LabelSettings? Read(ParseResult arguments) => !AreAskedFor(arguments.CommandResult) ? null : new LabelSettings
    {
        Files = arguments.GetValue(_labels) is { } files && !files.Contains(Inline) ? files : [],
        Delay = arguments.GetValue(_delay),
        WithGenuine = arguments.GetValue(_genuine),
        WithRest = arguments.GetValue(_rest),
    };

    private void Check(CommandResult result)
    {
        if (!AreAskedFor(result) && (result.GetValue(_genuine) ? _genuine : result.GetValue(_rest) ? _rest : null) is { } option)
        {
            result.AddError($"{option.Name} goes with --labels or --label-delay only.");
        }
        else if (result.GetResult(_labels)?.Tokens is { Count: > 1 } files && files.Any(static file => file.Value == Inline))
        {
            result.AddError("--labels is either 'inline' or files; a file of that name is ./inline.");
        }
    }
}
