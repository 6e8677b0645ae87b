using DuckDB.NET.Data;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>
/// The one DuckDB of a process. It keeps nothing of its own: the files of generations are attached to it, so that one query may join any of them, and memory and threads are bounded once for all.
/// </summary>
internal sealed class DuckDbInstance : IDisposable
{
    private readonly DuckDBConnection root = new("DataSource=:memory:");
    private readonly Lock opening = new();
    private readonly DuckDbSettings settings;
    private bool isOpen;

    public DuckDbInstance(DuckDbSettings settings) => this.settings = settings;

    /// <summary>A connection of its own: it sees what is committed, and waits for no writer.</summary>
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

    /// <summary>Attaches a file, which is made where it is not there.</summary>
    public void Attach(string path, string catalog)
    {
        Open();
        lock (opening)
            root.Execute($"attach {Text(path)} as {catalog}");
    }

    /// <summary>Lets go of a file. Whoever still reads it may go on.</summary>
    public void Detach(string catalog)
    {
        lock (opening)
            root.Execute($"detach {catalog}");
    }

    public void Dispose() => root.Dispose();

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Open()
    {
        lock (opening)
        {
            if (isOpen)
                return;
            root.Open();
            root.Execute($"set memory_limit = {Text(settings.Memory)}");
            root.Execute($"set threads = {settings.Threads}");
            // Everything that is needed is compiled in; nothing is ever fetched.
            root.Execute("set autoinstall_known_extensions = false");
            root.Execute("set autoload_known_extensions = false");
            root.Execute($"set temp_directory = {Text(settings.SpillFolder)}");
            isOpen = true;
        }
    }
}
