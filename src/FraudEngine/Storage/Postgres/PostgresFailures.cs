using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>What the database or the way to it may throw, and what the engine says of it. No message has a password or the values of a row.</summary>
internal static class PostgresFailures
{
    /// <summary>Whether it says that the database can't be asked, or refuses.</summary>
    public static bool IsFailure(Exception reason) => reason is DbException or IOException or SocketException or TimeoutException
        or InvalidOperationException or OperationCanceledException or AuthenticationException or InvalidDataException;

    /// <summary>As the ports promise it: an <see cref="IOException"/> or <see cref="InvalidDataException"/>.</summary>
    public static Exception Translate(Exception reason) => reason is IOException or InvalidDataException ? reason : new IOException($"PostgreSQL: {reason.Message}", reason);

    /// <summary>What stood in the way when the journal was opened, and what to do about it.</summary>
    public static Exception AtOpen(Exception reason, NpgsqlConnectionStringBuilder target)
    {
        var server = $"PostgreSQL at {target.Host}:{target.Port}";
        return reason switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused => new InvalidOperationException(
                $"{server} refused the user '{target.Username}': {refused.MessageText}. Check Username and Password in Storage:ConnectionString, and the server's pg_hba.conf.", reason),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new InvalidOperationException(
                $"{server} has no database '{target.Database}'. Make it with CREATE DATABASE \"{target.Database}\", or correct Database in Storage:ConnectionString.", reason),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => new InvalidOperationException(
                $"{server} does not let the user '{target.Username}' make what the journal needs: {refused.MessageText}. "
                + $"Let it own the database '{target.Database}', or GRANT CREATE ON SCHEMA public.", reason),
            PostgresException refused => new IOException($"{server} refuses: {refused.MessageText} ({refused.SqlState}).", reason),
            InvalidDataException or InvalidOperationException or IOException => reason,
            _ when IsOfTls(reason) => new IOException(
                $"{server} could not be reached over TLS: {Innermost(reason).Message} Check SSL Mode and Root Certificate in Storage:ConnectionString, and the server's certificate.", reason),
            _ => new IOException(
                $"{server} could not be reached: {Innermost(reason).Message}. Check that it runs and that Host and Port in Storage:ConnectionString are right.", reason),
        };
    }

    private static bool IsOfTls(Exception? reason) => reason is not null && (reason is AuthenticationException || IsOfTls(reason.InnerException));

    private static Exception Innermost(Exception reason) => reason.InnerException is { } inner ? Innermost(inner) : reason;
}
