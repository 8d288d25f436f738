using System.Text.RegularExpressions;

namespace FraudEngine.Tests;

/// <summary>Holds what the design says of the source as a whole, so that nobody has to remember it.</summary>
public sealed partial class TidyTests
{
    private static readonly string[] Everything = ["Domain", "Windows", "Rules", "Scoring", "Entities", "Actors", "Storage", "Trials", "Engine", "Messaging", "Cluster", "Ingress", "Egress", "Telemetry"];

    /// <summary>Each room and the rooms that it may name.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Domain"] = [],
        ["Windows"] = ["Domain"],
        ["Rules"] = ["Domain", "Windows"],
        ["Scoring"] = ["Domain"],
        ["Entities"] = ["Domain", "Windows", "Rules", "Scoring"],
        ["Actors"] = [],
        ["Storage"] = ["Domain", "Entities"],
        ["Trials"] = ["Domain", "Windows", "Rules", "Entities", "Storage"],
        ["Engine"] = ["Domain", "Windows", "Rules", "Scoring", "Entities", "Actors", "Storage"],
        ["Messaging"] = [],
        ["Cluster"] = ["Actors", "Engine", "Storage", "Messaging"],
        ["Ingress"] = ["Domain", "Engine", "Trials", "Messaging"],
        ["Egress"] = ["Domain", "Storage"],
        ["Telemetry"] = ["Domain"],
        ["Hosting"] = Everything,
    };

    private static readonly string Source = Path.Combine(Repository.Root, "src");

    [Fact]
    public void A_room_names_only_the_rooms_that_it_may()
    {
        var broken = new List<string>();
        foreach (var file in Files("FraudEngine"))
        {
            var room = RoomOf(file);
            foreach (Match name in RoomName().Matches(File.ReadAllText(file)))
            {
                var named = name.Groups[1].Value;
                if (named != room && Arrows.ContainsKey(named) && !Arrows[room].Contains(named))
                {
                    broken.Add($"{Path.GetRelativePath(Source, file)} names {named}; {room} may name {string.Join(", ", Arrows[room])}.");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_of_the_engine_is_a_room()
    {
        var folders = Directory.GetDirectories(Path.Combine(Source, "FraudEngine")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.Empty(folders.Except(Arrows.Keys));
    }

    [Fact]
    public void The_fraud_logic_knows_no_clock_log_randomness_or_task()
    {
        string[] pure = ["Domain", "Windows", "Rules", "Scoring", "Entities"];
        string[] banned = ["ILogger", "TimeProvider", "Stopwatch", " Random", "async ", "Task<", "Task ", "await "];
        Assert.Empty(
            from file in Files("FraudEngine")
            where pure.Contains(RoomOf(file))
            from word in banned
            where File.ReadAllText(file).Contains(word, StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Source, file)} has '{word.Trim()}'.");
    }

    [Fact]
    public void The_client_and_the_simulator_know_the_engine_only_by_its_contracts()
    {
        Assert.Empty(
            from file in Files("TransactionFeed").Concat(Files("PaymentSimulator"))
            where !IsBacktest(file) && UsesEngine().IsMatch(File.ReadAllText(file))
            select Path.GetRelativePath(Source, file));
    }

    [Fact]
    public void Backtests_and_features_are_the_engine_itself_but_only_what_of_it_is_pure()
    {
        string[] pure = ["Domain", "Windows", "Rules", "Entities", "Trials"];
        Assert.Empty(
            from file in Files("TransactionFeed").Where(IsBacktest)
            from Match name in RoomName().Matches(File.ReadAllText(file))
            where !pure.Contains(name.Groups[1].Value)
            select $"{Path.GetRelativePath(Source, file)} names {name.Groups[1].Value}.");
    }

    [Fact]
    public void An_exception_of_any_kind_is_caught_in_the_turn_loop_only()
    {
        var catching = Files("FraudEngine").Where(file => CatchesAll().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);
        Assert.Equal(["Shard.cs"], catching);
    }

    [Fact]
    public void Nothing_is_async_void_and_no_name_is_vague()
    {
        Assert.Empty(
            from file in Sources()
            where AsyncVoid().IsMatch(File.ReadAllText(file)) || VagueName().IsMatch(Path.GetFileNameWithoutExtension(file))
            select Path.GetRelativePath(Repository.Root, file));
    }

    [Fact]
    public void A_file_holds_one_concept()
    {
        const int linesMax = 420;
        Assert.Empty(Sources().Where(file => File.ReadLines(file).Count() > linesMax).Select(file => $"{Path.GetRelativePath(Repository.Root, file)} has more than {linesMax} lines."));
    }

    private static IEnumerable<string> Sources() => new[] { "FraudEngine", "TransactionFeed", "PaymentSimulator" }.SelectMany(Files);

    private static IEnumerable<string> Files(string project) =>
        Directory.EnumerateFiles(Path.Combine(Source, project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Path.Combine(Source, project), file).StartsWith("obj", StringComparison.Ordinal)
                && !Path.GetRelativePath(Path.Combine(Source, project), file).StartsWith("bin", StringComparison.Ordinal));

    private static bool IsBacktest(string file) => new[] { "Backtest", "Features" }.Any(
        folder => Path.GetRelativePath(Source, file).StartsWith(Path.Combine("TransactionFeed", folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static string RoomOf(string file) => Path.GetRelativePath(Path.Combine(Source, "FraudEngine"), file).Split(Path.DirectorySeparatorChar)[0];

    [GeneratedRegex(@"(?:using (?:static )?FraudEngine\.|[^.\w""]FraudEngine\.)([A-Z]\w+)")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"using FraudEngine|[^""\w/]FraudEngine\.[A-Z]")]
    private static partial Regex UsesEngine();

    [GeneratedRegex(@"catch \(Exception(?: \w+)?\)(?! when)|catch\s*\r?\n\s*\{(?!\s*\r?\n\s*Undo)")]
    private static partial Regex CatchesAll();

    [GeneratedRegex(@"async void")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"(Manager|Helper|Helpers|Util|Utils|Service|Base|Impl)$")]
    private static partial Regex VagueName();
}
