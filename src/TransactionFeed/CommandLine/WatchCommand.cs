using System.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Watch;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>watch</c>: alerts as they come.</summary>
internal static class WatchCommand
{
    public const string Name = "watch";

    public const string Examples = """
        watch --to http://127.0.0.1:5080
        watch --account A0000042 --from-start
        watch --account A0000042 --answer
        """;

    /// <summary>Before the id of every alert.</summary>
    private const string BeforeAll = "0";

    public static Command Build(FeedConsole console)
    {
        var to = SharedOptions.To();
        var account = new Option<string?>("--account") { Description = "This account's alerts only.", HelpName = "ID" };
        var after = new Option<string?>("--after") { Description = "Begin after this alert; by default with those to come.", HelpName = "ID" };
        var fromStart = new Option<bool>("--from-start") { Description = "Begin with the first alert that the engine has." };
        var answer = new Option<bool>("--answer") { Description = "Ask at each alert of fraud whether it was the customer, and answer it so." };
        var by = SharedOptions.By();
        var command = new Command(Name, "Prints alerts as they come; goes on by itself after a lost connection.") { to, account, after, fromStart, answer, by };
        command.Validators.Add(result =>
        {
            if (result.GetValue(after) is not null && result.GetValue(fromStart))
            {
                result.AddError("--after and --from-start exclude each other.");
            }
        });
        command.SetAction(async (arguments, stop) =>
        {
            var engine = EngineAddress.Parse(arguments.GetValue(to)!);
            using var answers = arguments.GetValue(answer) ? new AlertAnswers(engine, arguments.GetValue(by)!) : null;
            return await WatchSession.RunAsync(
                engine, arguments.GetValue(account), arguments.GetValue(fromStart) ? BeforeAll : arguments.GetValue(after) ?? "", answers, console, stop);
        });
        return command;
    }
}
