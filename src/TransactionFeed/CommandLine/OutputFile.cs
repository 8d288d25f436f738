using System.IO.Compression;

namespace TransactionFeed.CommandLine;

/// <summary>Files to write, compressed where their name ends in .gz.</summary>
internal static class OutputFile
{
    private const int BufferBytes = 256 * 1024;

    public static Stream Create(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new BufferedStream(new GZipStream(file, CompressionLevel.Fastest), BufferBytes)
                : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FeedException.Usage($"{path} can't be written: {e.Message}");
        }
    }
}
