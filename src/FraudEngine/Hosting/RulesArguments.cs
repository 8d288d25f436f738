using System.Collections.Immutable;
using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Hosting;

/// <summary>The command line of <c>rules check</c> and <c>rules explain</c>.</summary>
internal sealed record RulesArguments(ImmutableArray<string> Files, bool IsJson, WindowSettings Windows, string ListsDirectory)
{
    private const string DefaultListsDirectory = "config/lists";

    /// <summary>The kinds of entities, beside accounts, that rules may look at; null for all.</summary>
    public IReadOnlySet<EntityKind>? Entities { get; init; }

    /// <summary>Throws <see cref="ArgumentException"/> that says what is wrong.</summary>
    public static RulesArguments Read(IReadOnlyList<string> args, int filesMax)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        var read = new RulesArguments([], false, WindowSettings.Default, DefaultListsDirectory);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                files.Add(args[i]);
                continue;
            }

            var name = args[i].Split('=', 2)[0];
            var value = args[i].Contains('=') ? args[i].Split('=', 2)[1]
                : ++i < args.Count ? args[i]
                : throw new ArgumentException($"The option {name} has no value.");
            read = read.With(name, value);
        }

        return files.Count == 0 ? throw new ArgumentException("No rule file is given.")
            : files.Count > filesMax ? throw new ArgumentException($"Only {filesMax} file can be given, but found '{files[filesMax]}' as well.")
            : read with { Files = files.ToImmutable() };
    }

    private RulesArguments With(string name, string value) => name switch
    {
        "--format" => value is "text" or "json" ? this with { IsJson = value == "json" } : throw new ArgumentException($"--format takes text or json, but found '{value}'."),
        "--horizon" => this with { Windows = Windows with { HorizonTicks = Length(value) } },
        "--entities" => EngineOptions.ReadEntities(value, out var kinds) is { } wrong
            ? throw new ArgumentException($"--entities takes {EngineOptions.AllEntities} or some of them, but found '{wrong}'.")
            : this with { Entities = kinds },
        "--lists" => Directory.Exists(value) ? this with { ListsDirectory = value } : throw new ArgumentException($"--lists is '{value}', but there is no such directory."),
        _ => throw new ArgumentException($"There is no option '{name}'."),
    };

    /// <summary>A length such as 30d, or as <c>Engine:Horizon</c> has it.</summary>
    private static long Length(string text)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };
        var length = TimeSpan.Zero;
        if (unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= EngineOptions.HorizonMax.Ticks / unit)
        {
            length = TimeSpan.FromTicks(number * unit);
        }
        else if (unit == 0)
        {
            TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out length);
        }

        return length >= EngineOptions.HorizonMin && length <= EngineOptions.HorizonMax
            ? length.Ticks
            : throw new ArgumentException($"--horizon takes a length from 1m to {EngineOptions.HorizonMax.TotalDays:0}d, as in 30d or 12h, but found '{text}'.");
    }
}
