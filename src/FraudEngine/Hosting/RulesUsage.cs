namespace FraudEngine.Hosting;

/// <summary>What <c>rules --help</c> prints.</summary>
internal static class RulesUsage
{
    public const string Hint = "Run 'FraudEngine rules --help' for what there is.";

    private const string Options =
        """
          --horizon LENGTH      the longest window, as in 30d or 12h       [30d]
          --entities LIST       as Engine:Entities, as in terminal,device  [all kinds]
          --lists DIR           where the named lists are, one .txt each   [config/lists]
          --format text|json    how to tell                                [text]
          --help                this text

        Exit code: 0 where all is fine, 1 where a file has errors, 2 where the command line is wrong.
        """;

    public const string Check =
        $"""
        Usage:  FraudEngine rules check FILE... [OPTION VALUE]...

        Checks rule files as the engine does at its start, and tells every error as file:line:column: message, with the line and a caret under the
        place, on the error output. A list that no file has is a warning: it can still be made over HTTP.

        {Options}
        """;

    public const string Explain =
        $"""
        Usage:  FraudEngine rules explain FILE [OPTION VALUE]...

        Shows a rule set: its rules, the windows, lists and fields that they need, and what they cost per transaction. The cost is measured then and
        there, on simulated payments.

        {Options}
        """;

    public const string Both =
        $"""
        Usage:  FraudEngine rules check FILE... [OPTION VALUE]...     tells what is wrong with rule files
                FraudEngine rules explain FILE [OPTION VALUE]...      shows what rules need and what they cost

        {Options}
        """;
}
