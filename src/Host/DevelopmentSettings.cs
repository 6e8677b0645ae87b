using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.Host;

/// <summary>
/// The settings of a host in Development that has no database configured: those that <c>./run services</c> wrote to the data folder of
/// the checkout.
/// </summary>
internal static class DevelopmentSettings
{
    private const string CheckoutMarker = "Monolith.slnx";
    private const string File = ".data/hostsettings.json";

    /// <summary>Null: the host is not in Development, has a database configured, or does not run from a checkout.</summary>
    public static Dictionary<string, string?>? Find(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (!builder.Environment.IsDevelopment() || PostgresSettings.AnyIn(builder.Configuration))
            return null;

        var checkout = new DirectoryInfo(builder.Environment.ContentRootPath);
        while (checkout is not null && !System.IO.File.Exists(Path.Combine(checkout.FullName, CheckoutMarker)))
            checkout = checkout.Parent;
        return checkout is null ? null : Read(Path.Combine(checkout.FullName, File));
    }

    private static Dictionary<string, string?> Read(string path)
    {
        if (!System.IO.File.Exists(path))
            throw new DevelopmentServersMissingException($"There is no {path}: start ./run services first.");
        var settings = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
        if (settings["ConnectionStrings:Monolith"] is not { } database || !Answers(database))
            throw new DevelopmentServersMissingException($"The servers of {path} do not answer: start ./run services first.");
        return settings.AsEnumerable().Where(setting => setting.Value is not null).ToDictionary();
    }

    // The file stays when the servers are killed.
    private static bool Answers(string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(database) { Pooling = false };
        using var source = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "development" }.Build();
        try
        {
            source.OpenConnection().Dispose();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}

/// <summary>The servers of <c>./run services</c> do not run.</summary>
internal sealed class DevelopmentServersMissingException(string message) : Exception(message);
