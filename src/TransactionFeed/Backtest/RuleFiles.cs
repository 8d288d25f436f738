using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Backtest;

/// <summary>Reads what a backtest needs besides its data. What is wrong with it is said in the words of the engine.</summary>
internal static class RuleFiles
{
    private const string ListExtension = ".txt";
    private const string Shipped = "config/rules.yaml";

    public static RuleSet ReadRules(string path) => Parse(ReadText(path), path);

    /// <summary>A model with its trees, which lie beside its file.</summary>
    public static ScoringModel ReadModel(string path)
    {
        var config = ReadText(path);
        try
        {
            var trees = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, FeatureSet.Parse(config, path, WindowSettings.Default).TreesFile);
            return File.Exists(trees)
                ? ScoringModel.Load(config, path, File.ReadAllBytes(trees), trees, WindowSettings.Default, knownLists: null, entities: null)
                : throw FeedException.Usage($"{path}: its trees, {trees}, are not there. Train them first: docs/model.md says how.");
        }
        catch (Exception e) when (e is RuleSetException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw FeedException.Usage(e.Message);
        }
    }

    /// <summary>What the candidate is compared with: the file given, else the engine's, else the shipped one where it is another; null for nothing.</summary>
    public static async Task<RuleSet?> ReadAgainstAsync(BacktestSettings settings, RuleSet candidate, CancellationToken stop)
    {
        if (settings.Against is { } path)
        {
            return ReadRules(path);
        }

        if (settings.Engine is { } engine)
        {
            return Parse(await EngineClient.ReadRulesAsync(engine, stop), $"{engine}/v1/rules");
        }

        return File.Exists(Shipped) && ReadText(Shipped) is var text && text != candidate.Source ? Parse(text, Shipped) : null;
    }

    /// <summary>The lists of a directory: one a file, by its name.</summary>
    public static NamedLists ReadLists(string? directory)
    {
        if (directory is null)
        {
            return NamedLists.Empty;
        }

        if (!Directory.Exists(directory))
        {
            throw FeedException.Usage($"{directory}: there is no such directory.");
        }

        var lists = NamedLists.Empty;
        foreach (var file in Directory.EnumerateFiles(directory, "*" + ListExtension).Order(StringComparer.Ordinal))
        {
            try
            {
                var entries = ListText.Read(Encoding.UTF8.GetBytes(ReadText(file))).Expiries;
                var list = new NamedList(Path.GetFileNameWithoutExtension(file)).With([.. entries.Select(entry => new ListChange(TextKey.Of(entry.Key), entry.Value))]);
                lists = lists.With(lists.Version + 1, list);
            }
            catch (ListFormatException e)
            {
                throw FeedException.Usage($"{file}: {e.Message}.");
            }
        }

        return lists;
    }

    public static string ReadText(string path)
    {
        if (!File.Exists(path))
        {
            throw FeedException.Usage($"{path}: there is no such file.");
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FeedException.Usage(e.Message);
        }
    }

    private static RuleSet Parse(string yaml, string name)
    {
        try
        {
            return RuleSet.Parse(yaml, name, WindowSettings.Default);
        }
        catch (RuleSetException e)
        {
            throw FeedException.Usage(e.Message);
        }
    }
}
