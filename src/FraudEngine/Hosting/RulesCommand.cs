namespace FraudEngine.Hosting;

/// <summary><c>FraudEngine rules check FILE...</c> and <c>FraudEngine rules explain FILE</c>: what is wrong with rule files, and what they need and cost.</summary>
internal static class RulesCommand
{
    public const string Word = "rules";

    private const int Fine = 0;
    private const int HasErrors = 1;
    private const int WrongUsage = 2;

    /// <returns>The exit code: 0 where all is fine, 1 where a file has errors, 2 where the command line is wrong.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            output.WriteLine(args[0] switch
            {
                "check" => RulesUsage.Check,
                "explain" => RulesUsage.Explain,
                _ => RulesUsage.Both,
            });
            return Fine;
        }

        try
        {
            return args switch
            {
                ["check", .. var rest] => Check(RulesArguments.Read(rest, filesMax: int.MaxValue), output, error),
                ["explain", .. var rest] => Explain(RulesArguments.Read(rest, filesMax: 1), output, error),
                [var other, ..] => throw new ArgumentException($"There is no command 'rules {other}'."),
                [] => throw new ArgumentException("What is to be done with the rules?"),
            };
        }
        catch (ArgumentException wrong)
        {
            error.WriteLine($"{wrong.Message} {RulesUsage.Hint}");
            return WrongUsage;
        }
    }

    private static int Check(RulesArguments arguments, TextWriter output, TextWriter error)
    {
        var checks = arguments.Files.Select(file => RulesCheck.Of(file, arguments)).ToArray();
        if (arguments.IsJson)
        {
            output.WriteLine(RulesCheck.Json(checks));
        }
        else
        {
            foreach (var check in checks)
            {
                check.Write(output, error);
            }
        }

        return Array.TrueForAll(checks, static check => check.Errors.IsEmpty) ? Fine : HasErrors;
    }

    private static int Explain(RulesArguments arguments, TextWriter output, TextWriter error)
    {
        var check = RulesCheck.Of(arguments.Files[0], arguments);
        if (check.Rules is not { } rules)
        {
            check.Write(output, error);
            return HasErrors;
        }

        foreach (var warning in check.Warnings)
        {
            error.WriteLine(warning);
        }

        var costs = RuleCosts.Measure(rules);
        output.Write(arguments.IsJson ? RulesReport.Json(check.File, rules, costs) : RulesReport.Text(check.File, rules, costs));
        return Fine;
    }
}
