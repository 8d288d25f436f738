using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Ingress.Customers;

/// <summary>Reads a customer's preferences, with every problem of every field.</summary>
internal static class PreferencesReader
{
    public const int WebhooksMax = 8;

    private const int NameCharactersMax = 64;
    private const decimal ChosenMax = 999_999_999_999m;

    /// <summary>The members of preferences.</summary>
    public static IReadOnlyCollection<string> Names { get; } = ["language", "email", "webhooks", "quietHours", "activity"];

    /// <summary>The preferences; null where anything is wrong, which <paramref name="fields"/> has then.</summary>
    /// <param name="check">What is wrong with an activity alert by the rules in force, or null: with its id, or with what was chosen for it.</param>
    public static CustomerPreferences? Read(JsonFields fields, Func<ChosenActivity, (bool IsOfId, string Problem)?> check)
    {
        var language = fields.OneOf<string>("language", isRequired: true, ("en", "en"), ("de", "de"));
        var email = fields.Text("email", CheckEmail, isRequired: false);
        var webhooks = fields.Texts("webhooks", WebhooksMax, CheckName);
        var quiet = ReadQuiet(fields);
        var activity = ReadActivity(fields, check);
        return fields.AreRight ? new CustomerPreferences(language!, email, [.. webhooks], quiet, activity) : null;
    }

    private static string? CheckEmail(string text) =>
        EmailAddress.IsOne(text) ? null : $"must be one address such as name@example.com, without a display name, in at most {EmailAddress.CharactersMax} ASCII characters";

    private static string? CheckName(string text) =>
        text.Length is > 0 and <= NameCharactersMax && text[0] != '-' && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? null : $"must be the name of a webhook: small letters, digits and hyphens, at most {NameCharactersMax} and no hyphen first";

    private static QuietHours? ReadQuiet(JsonFields fields)
    {
        if (fields.Object("quietHours", "from", "until", "timeZone") is not { } quiet)
        {
            return null;
        }

        var from = ReadTime(quiet, "from");
        var until = ReadTime(quiet, "until");
        var zone = quiet.Text("timeZone", static text => IsZone(text) ? null : "must be the IANA name of a time zone, such as Europe/Brussels");
        if (from is not null && from == until)
        {
            quiet.Add("until", "must be another time than from");
        }

        return from is null || until is null || zone is null ? null : new QuietHours(from.Value, until.Value, zone);
    }

    private static TimeOnly? ReadTime(JsonFields fields, string name)
    {
        var time = default(TimeOnly);
        return fields.Text(
            name,
            text => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time) ? null : "must be a time of day such as 22:00") is null
            ? null : time;
    }

    /// <summary>Names are paths in the zone database: only what can be one is looked for.</summary>
    private static bool IsZone(string text) =>
        text.Length is > 0 and <= NameCharactersMax && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && text[0] != '/'
        && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);

    private static ImmutableArray<ChosenActivity> ReadActivity(JsonFields fields, Func<ChosenActivity, (bool IsOfId, string Problem)?> check)
    {
        var chosen = ImmutableArray.CreateBuilder<ChosenActivity>();
        var items = fields.Items("activity", ChosenActivity.Max);
        for (var i = 0; i < items.Count; i++)
        {
            if (fields.Nested(items[i], string.Create(CultureInfo.InvariantCulture, $"activity[{i}]"), "id", "chosen") is { } item
                && ReadOne(item, check) is { } activity)
            {
                if (chosen.Any(other => other.Id == activity.Id))
                {
                    item.Add("id", "is given twice");
                }

                chosen.Add(activity);
            }
        }

        return chosen.ToImmutable();
    }

    private static ChosenActivity? ReadOne(JsonFields item, Func<ChosenActivity, (bool IsOfId, string Problem)?> check)
    {
        var id = item.Text("id", BodyText.CheckId);
        var (number, text) = ReadChosen(item);
        if (id is null)
        {
            return null;
        }

        var activity = new ChosenActivity(id, number, text);
        if (check(activity) is { } problem)
        {
            // A value that was refused is not also missing.
            if (problem.IsOfId || number is not null || text is not null || item.Find("chosen", isRequired: false) is null)
            {
                item.Add(problem.IsOfId ? "id" : "chosen", problem.Problem);
            }

            return null;
        }

        return activity;
    }

    private static (decimal? Number, string? Text) ReadChosen(JsonFields item)
    {
        switch (item.Find("chosen", isRequired: false))
        {
            case null:
                return (null, null);
            case { ValueKind: JsonValueKind.Number } value:
                if (value.TryGetDecimal(out var number) && number is >= 0 and <= ChosenMax && decimal.Round(number, Money.Decimals) == number)
                {
                    return (number, null);
                }

                item.Add("chosen", $"must be from 0 to {ChosenMax.ToString(CultureInfo.InvariantCulture)}, with at most {Money.Decimals} digits after the point");
                return (null, null);
            case { ValueKind: JsonValueKind.String }:
                return (null, item.Text("chosen", BodyText.CheckId));
            default:
                item.Add("chosen", "must be a number or a string");
                return (null, null);
        }
    }
}
