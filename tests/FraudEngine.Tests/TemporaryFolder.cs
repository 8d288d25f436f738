using System.IO.Compression;

namespace FraudEngine.Tests;

/// <summary>A folder for one test's files.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("feed-").FullName;

    public string PathOf(string name) => Path.Combine(_path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public string WriteGzip(string name, string text)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(PathOf(name)), CompressionLevel.Fastest));
        writer.Write(text);
        return PathOf(name);
    }

    public string[] LinesOf(string name) => File.ReadAllLines(PathOf(name));

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
