namespace FraudEngine.Tests.Deploy;

/// <summary><c>deploy/Dockerfile</c> as a list of instructions.</summary>
internal static class Dockerfile
{
    public const int Port = 5080;

    public static IReadOnlyList<(string Word, string What)> Instructions { get; } =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "deploy", "Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .Select(static line => (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim())),
    ];

    public static IEnumerable<string> All(string word) => Instructions.Where(instruction => instruction.Word == word).Select(static instruction => instruction.What);
}
