using FraudEngine.Engine;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Telemetry;
using FraudEngine.Windows;

namespace FraudEngine.Hosting;

/// <summary>
/// Follows the model's file and the file of trees that it names: what is saved there goes into force, if the two fit and have no errors. Where they don't, perhaps
/// because only one is saved yet, they are looked at again when one of them changes.
/// </summary>
internal sealed class ModelFile : IDisposable
{
    private readonly string _path;
    private readonly WindowSettings _windows;
    private readonly ModelBook _book;
    private readonly ILogger _log;
    private readonly FileWatch _watch;
    private ModelText _text;
    private volatile string _treesName;

    /// <param name="text">What they held at the start.</param>
    public ModelFile(string path, ModelText text, WindowSettings windows, ModelBook book, ILogger log, TimeProvider clock)
    {
        _path = path;
        _text = text;
        _windows = windows;
        _book = book;
        _log = log;
        _treesName = Path.GetFileName(text.TreesName);
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full);
        _watch = new FileWatch(Path.GetDirectoryName(full)!, changed => changed == name || changed == _treesName, TakeOverAsync, clock);

        // What has changed since they were read.
        _watch.CallWhenQuiet();
    }

    /// <summary>Reads both files.</summary>
    /// <exception cref="RuleSetException">The model's file has errors.</exception>
    /// <exception cref="IOException">One of them can't be read.</exception>
    /// <exception cref="InvalidDataException">The trees are too many.</exception>
    public static async Task<ModelText> ReadAsync(string path, WindowSettings windows)
    {
        var config = await File.ReadAllTextAsync(path);
        return await ReadTreesAsync(path, config, TreesNameOf(path, config, windows));
    }

    public void Dispose() => _watch.Dispose();

    private static string TreesNameOf(string path, string config, WindowSettings windows) => FeatureSet.Parse(config, path, windows).TreesFile;

    private static async Task<ModelText> ReadTreesAsync(string path, string config, string treesName)
    {
        var trees = new FileInfo(Path.Combine(Path.GetDirectoryName(path) ?? "", treesName));
        if (!trees.Exists)
        {
            throw new FileNotFoundException($"{path}: trees is '{treesName}', but there is no such file in {trees.DirectoryName}.");
        }

        return trees.Length <= ModelBook.TreesBytesMax
            ? new ModelText(config, await File.ReadAllBytesAsync(trees.FullName), path, trees.FullName)
            : throw new InvalidDataException($"{trees.FullName} has {trees.Length} bytes, but may have at most {ModelBook.TreesBytesMax}.");
    }

    private async Task TakeOverAsync()
    {
        try
        {
            var config = await File.ReadAllTextAsync(_path);
            _treesName = TreesNameOf(_path, config, _windows);
            var text = await ReadTreesAsync(_path, config, _treesName);
            if (text.Config == _text.Config && text.Trees.AsSpan().SequenceEqual(_text.Trees))
            {
                return;
            }

            var answer = await _book.PutAsync(text, RuleSetCause.File);
            _text = text;
            if (answer.Kind is not (RulesAnswerKind.InForce or RulesAnswerKind.Unchanged))
            {
                Refuse(answer.Errors.Count == 0 ? answer.Detail : ErrorsOnOneLine.Of(answer.Errors));
            }
        }
        catch (RuleSetException wrong)
        {
            Refuse(ErrorsOnOneLine.Of(wrong.Errors));
        }
        catch (InvalidDataException tooLarge)
        {
            Refuse(tooLarge.Message);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            _log.FileUnread(_path, reason.Message);
        }
    }

    private void Refuse(string reason) => _log.ModelRefused(_path, reason);
}
