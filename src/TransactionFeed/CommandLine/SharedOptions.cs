using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using TransactionFeed.Evaluate;

namespace TransactionFeed.CommandLine;

/// <summary>Options that several commands have, and how their values are read.</summary>
internal static class SharedOptions
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    public const string ToEngineOrBroker = "The engine's address, or its broker's: amqp://user:password@host:port/vhost (amqps for TLS).";

    /// <summary>Whom to trust that a broker is who it says.</summary>
    public static Option<string?> Authorities() => new("--ca")
    {
        Description = "amqps: the certificate authorities to trust, as PEM, instead of the system's.",
        HelpName = "FILE",
    };

    public static Option<string> To(bool isRequired = false) => new("--to")
    {
        Description = "The engine's address.",
        HelpName = "URL",
        Required = isRequired,
        DefaultValueFactory = isRequired ? null! : _ => DefaultUrl,
    };

    /// <summary>In whose name something is done.</summary>
    public static Option<string> By() => new("--by")
    {
        Description = "Who says so, for the history.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => Environment.UserName,
    };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Count(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
        option.Validators.Add(result => CheckRange(result, result.GetValueOrDefault<int>(), min, max));
        return option;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>15s</c>, <c>2m</c>, <c>1h</c>, or as help shows the default, <c>00:01:00</c>.</summary>
    public static Option<TimeSpan> Duration(string name, string description, TimeSpan value) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (DurationText.TryParse(text, out var duration)
                || (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero))
            {
                return duration;
            }

            result.AddError($"{name}: '{text}' is no duration; one looks like 500ms, 15s, 2m or 1h.");
            return default;
        },
    };

    /// <summary>A time, or a date for its midnight (UTC); <see cref="TicksOf"/> reads it.</summary>
    public static Option<string?> Time(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && TicksOf(text) is null)
            {
                result.AddError($"{name}: '{text}' is no time; one looks like 2018-08-08 or 2018-08-08T00:00:00Z.");
            }
        });
        return option;
    }

    /// <summary>UTC ticks; null where it is no time.</summary>
    public static long? TicksOf(string? text) => text is not null && EventInstant.TryRead(Encoding.UTF8.GetBytes(text), out var ticks) ? ticks : null;

    public static void CheckRange(OptionResult result, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            result.AddError(FormattableString.Invariant($"{result.Option.Name} is {value}; it must lie between {min} and {max}."));
        }
    }
}
