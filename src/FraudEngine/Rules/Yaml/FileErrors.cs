namespace FraudEngine.Rules.Yaml;

/// <summary>The errors of one file; of a hostile one, the first <see cref="ErrorsMax"/>.</summary>
internal sealed class FileErrors(string file, SourceText source)
{
    public const int ErrorsMax = 1000;

    private readonly List<(int Index, RuleError Error)> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <param name="index">The character of the file at which it stands.</param>
    public void Add(int index, string message)
    {
        if (_errors.Count < ErrorsMax)
        {
            var at = Math.Clamp(index, 0, source.Text.Length);
            var (line, column) = source.At(at);
            _errors.Add((at, new RuleError(file, line, column, message) { SourceLine = source.Line(line) }));
        }
    }

    /// <summary>All in one, in the order of the file.</summary>
    public RuleSetException ToException() => new([.. _errors.OrderBy(static found => found.Index).Select(static found => found.Error)]);
}
