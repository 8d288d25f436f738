using FraudEngine.Domain;
using FraudEngine.Engine.Lists;

namespace FraudEngine.Ingress;

/// <summary>Why a call about named lists is refused.</summary>
internal static class ListProblem
{
    public static Problem ContentType { get; } = new(
        415, "content-type", "Unsupported content type", "Send application/json ({\"entries\":[…]}) or text/plain (one entry per line), in UTF-8 and not compressed.");

    public static Problem TooManyAtATime { get; } = new(
        503, "overloaded", "Overloaded", "As many large lists are being read as may be at a time. Send it again a little later.");

    public static Problem InvalidName { get; } = new(
        400, "invalid-name", "Invalid name", "A list's name takes small letters, digits and hyphens, at most 64 and no hyphen first, such as blocked-merchants.");

    public static Problem InvalidQuery { get; } = new(400, "invalid-query", "Invalid query", $"limit must be a whole number from 1 to {ListEndpoints.PageMax}.");

    public static Problem Invalid(string detail) => new(400, "invalid-list", "Invalid list", detail);

    public static Problem Unknown(string name, ListBook lists) =>
        new(404, "unknown-list", "Unknown list", ListBook.IsName(name) ? $"There is no list '{name}'{(lists.Hint(name) is { Length: > 0 } hint ? hint : ".")}" : "There is no list of that name.");

    /// <summary>Why a change was refused.</summary>
    public static Problem Of(ListRefusal refusal, ListSummary? list, string name, ListBook lists) => refusal switch
    {
        ListRefusal.None => throw new ArgumentOutOfRangeException(nameof(refusal)),
        ListRefusal.UnknownList => Unknown(name, lists),
        ListRefusal.FromFile => new(
            409, "list-from-file", "List from a file", $"The list comes from the file {list!.Owner} in the folder of the lists (Rules:ListsPath). Change it there, or delete the file first."),
        ListRefusal.TooManyLists => new(422, "too-many-lists", "Too many lists", $"There may be at most {ListBook.ListsMax:N0} lists."),
        ListRefusal.TooManyEntries => new(422, "too-many-entries", "Too many entries", $"All lists together may have at most {ListEntries.CountMax:N0} entries."),
    };
}
