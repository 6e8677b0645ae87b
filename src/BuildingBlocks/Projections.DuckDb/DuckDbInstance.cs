using DuckDB.NET.Data;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>
/// The DuckDB instance of the process, in memory. The files of all generations are attached to it, so that a query can join them, and the
/// limits of memory and threads apply to all of them together.
/// </summary>
internal sealed class DuckDbInstance : IDisposable
{
    private readonly DuckDBConnection root = new("DataSource=:memory:");
    private readonly Lock opening = new();
    private readonly DuckDbSettings settings;
    private bool isOpen;

    public DuckDbInstance(DuckDbSettings settings) => this.settings = settings;

    /// <summary>Opens a connection. It sees committed rows and does not wait for writers.</summary>
    public DuckDBConnection Connect()
    {
        Open();
        lock (opening)
        {
            var connection = root.Duplicate();
            connection.Open();
            return connection;
        }
    }

    /// <summary>Attaches or creates a file.</summary>
    public void Attach(string path, string catalog)
    {
        Open();
        lock (opening)
            root.Execute($"attach {Literal(path)} as {catalog}");
    }

    /// <summary>Detaches a file. Running reads can finish.</summary>
    public void Detach(string catalog)
    {
        lock (opening)
            root.Execute($"detach {catalog}");
    }

    public void Dispose() => root.Dispose();

    private static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Open()
    {
        lock (opening)
        {
            if (isOpen)
                return;
            root.Open();
            root.Execute($"set memory_limit = {Literal(settings.Memory)}");
            root.Execute($"set threads = {settings.Threads}");
            // All needed extensions are built in; nothing is downloaded.
            root.Execute("set autoinstall_known_extensions = false");
            root.Execute("set autoload_known_extensions = false");
            root.Execute($"set temp_directory = {Literal(settings.SpillFolder)}");
            isOpen = true;
        }
    }
}
