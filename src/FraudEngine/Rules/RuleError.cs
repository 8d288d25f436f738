namespace FraudEngine.Rules;

/// <summary>Something wrong in a rule file. Line and column count from 1.</summary>
public sealed record RuleError(string File, int Line, int Column, string Message)
{
    private const int ShownMax = 160;

    /// <summary>The line that the error stands in.</summary>
    public string SourceLine { get; init; } = "";

    /// <summary><c>file:line:column: message</c>, then the line itself, unless it is empty, and a caret under the place.</summary>
    public override string ToString()
    {
        if (SourceLine.Length == 0)
        {
            return $"{File}:{Line}:{Column}: {Message}";
        }

        // Of a very long line, the part around the place.
        var start = Math.Max(0, Math.Min(Column - 1 - (ShownMax / 2), SourceLine.Length - ShownMax));
        var shown = SourceLine.AsSpan(start, Math.Min(ShownMax, SourceLine.Length - start)).ToString().Replace('\t', ' ');
        return $"{File}:{Line}:{Column}: {Message}\n  {shown}\n  {new string(' ', Math.Max(0, Column - 1 - start))}^";
    }
}
