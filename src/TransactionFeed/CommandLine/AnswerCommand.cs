using System.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Watch;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>answer</c>: what the customer says to one alert.</summary>
internal static class AnswerCommand
{
    public const string Name = "answer";

    public const string Examples = """
        answer 0123456789abcdef0123456789abcdef denied
        answer 0123456789abcdef0123456789abcdef confirmed --by hotline
        """;

    public static Command Build(FeedConsole console)
    {
        var alert = new Argument<string>("alert") { Description = "The alert's id, as watch prints it." };
        var response = new Argument<string>("response") { Description = "confirmed (it was the customer) or denied (it was not)." };
        response.AcceptOnlyFromAmong(AlertAnswers.Confirmed, AlertAnswers.Denied);
        var to = SharedOptions.To();
        var by = SharedOptions.By();
        var command = new Command(Name, "Answers an alert for the customer: a denied payment is fraud and stops the account, a confirmed one is genuine.") { alert, response, to, by };
        command.SetAction(async (arguments, stop) =>
        {
            using var answers = new AlertAnswers(EngineAddress.Parse(arguments.GetValue(to)!), arguments.GetValue(by)!);
            console.Say(await answers.SendAsync(arguments.GetValue(alert)!, arguments.GetValue(response)!, stop));
            return ExitCode.Done;
        });
        return command;
    }
}
