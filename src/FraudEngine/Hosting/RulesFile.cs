using FraudEngine.Engine;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Follows the rules file: what is saved there goes into force, if it has no errors.</summary>
internal sealed class RulesFile : IDisposable
{
    private readonly string _path;
    private readonly RuleBook _book;
    private readonly ILogger _log;
    private readonly FileWatch _watch;
    private string _text;

    /// <param name="text">What it held at the start.</param>
    public RulesFile(string path, string text, RuleBook book, ILogger log, TimeProvider clock)
    {
        _path = path;
        _text = text;
        _book = book;
        _log = log;
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full);
        _watch = new FileWatch(Path.GetDirectoryName(full)!, changed => changed == name, TakeOverAsync, clock);

        // What has changed since it was read.
        _watch.CallWhenQuiet();
    }

    public void Dispose() => _watch.Dispose();

    private async Task TakeOverAsync()
    {
        try
        {
            var text = await File.ReadAllTextAsync(_path);
            if (text == _text)
            {
                return;
            }

            var answer = await _book.PutAsync(text, _path, RuleSetCause.File);
            _text = text;
            if (answer.Kind is not (RulesAnswerKind.InForce or RulesAnswerKind.Unchanged))
            {
                _log.RulesRefused(_path, answer.Errors.Count == 0 ? answer.Detail : ErrorsOnOneLine.Of(answer.Errors), answer.InForce.Rules.Reference);
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            _log.FileUnread(_path, reason.Message);
        }
    }
}
