using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>A private PostgreSQL cluster on loopback, which lives no longer than the process that started it.</summary>
public sealed class PostgresCluster : IPrivateServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private const int PasswordBytes = 24;

    private readonly DataFolder folder;
    private readonly ClusterFolder files;
    private readonly PostgresPrograms programs;
    private readonly PostgresClusterOptions options;
    private readonly string password;
    private Supervisor? supervisor;

    private PostgresCluster(DataFolder folder, ClusterFolder files, PostgresPrograms programs, PostgresClusterOptions options, string password)
    {
        this.folder = folder;
        this.files = files;
        this.programs = programs;
        this.options = options;
        this.password = password;
    }

    /// <summary>Connects as the superuser <c>postgres</c>.</summary>
    public string ConnectionString => Address(options.Database).ConnectionString;

    /// <summary>The loopback port.</summary>
    public int Port { get; private set; }

    /// <summary>The process id of the postmaster.</summary>
    public int ProcessId => Running.ServerId;

    /// <summary>The folder of the cluster's files: outside the data folder where the server's user cannot reach that.</summary>
    public string ClusterDirectory => files.Path;

    /// <summary>Whether <see cref="ClusterDirectory"/> lies outside the data folder.</summary>
    public bool IsElsewhere => files.IsElsewhere;

    /// <inheritdoc />
    public string Name => "PostgreSQL";

    private Supervisor Running => supervisor ?? throw new InvalidOperationException("The cluster was not started.");

    /// <summary>Makes the cluster on the first start, starts it, creates the database, and returns when it answers.</summary>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = await DataFolder.TakeAsync(options.DataDirectory, cancellation);
        try
        {
            var files = await ClusterFolder.OpenAsync(folder, options.Durable, cancellation);
            var programs = await PostgresPrograms.FindAsync(files.VersionFile, cancellation);
            var password = Password(folder, files);
            if (!files.IsInitialized)
                await files.InitializeAsync(programs, password, options.Durable, cancellation);

            var cluster = new PostgresCluster(folder, files, programs, options, password);
            await cluster.LaunchAsync(options.Port, cancellation);
            return cluster;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>kill -9 of the postmaster.</summary>
    public void Kill() => Running.Kill();

    /// <inheritdoc />
    public Task<string> StoppedAsync(CancellationToken cancellation) => Running.StoppedAsync(cancellation);

    /// <inheritdoc />
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await Running.DisposeAsync();
        await folder.PreviousServerGoneAsync(cancellation);
        await LaunchAsync(Port, cancellation);
    }

    /// <summary>Stops the server: clients are disconnected, nothing is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (supervisor is null)
            return;
        await supervisor.DisposeAsync();
        supervisor = null;
        folder.Dispose();
    }

    private static string Password(DataFolder folder, ClusterFolder files)
    {
        var file = folder.File("password");
        if (File.Exists(file))
            return File.ReadAllText(file);
        if (files.IsInitialized)
            throw new LocalServerException($"{file} is gone, and with it the way into the data: restore it, or remove {folder.Path} to start anew.");

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        PrivateFile.Write(file, password);
        return password;
    }

    private async Task LaunchAsync(int? fixedPort, CancellationToken cancellation)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            Port = fixedPort ?? FreePort.Choose(folder.PortFile);
            supervisor = await Supervisor.StartAsync(Program(), folder, cancellation);
            if (await AnswersAsync(supervisor, started, cancellation))
                break;

            var log = supervisor.Log();
            await supervisor.DisposeAsync();
            if (started.Elapsed > StartTimeout || !MayPass(log, fixedPort))
                throw new LocalServerException(Explain(log, supervisor));
            await Task.Delay(PollInterval, cancellation);
        }
        FreePort.Note(folder.PortFile, Port);
    }

    // Another process took the port between our look and the bind; or backends of a killed postmaster are still on their way out.
    private static bool MayPass(string log, int? fixedPort) =>
        PortIsTaken(log) ? fixedPort is null : log.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private static bool PortIsTaken(string log) => log.Contains("could not bind", StringComparison.Ordinal);

    private string Explain(string log, Supervisor exited) =>
        PortIsTaken(log) ? $"Port {Port} is taken: PostgreSQL cannot listen on it; choose another one."
        : log.Contains("lock file \"postmaster.pid\" already exists", StringComparison.Ordinal) ? $"{files.Data} is in use by another PostgreSQL: stop that one, or choose another data folder."
        : $"PostgreSQL did not start: {exited.LastLogLines()}";

    private ServerProgram Program()
    {
        List<string> settings =
        [
            "listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={Port}"), "unix_socket_directories=",
            "max_connections=300", "shared_buffers=256MB", "timezone=UTC", "log_timezone=UTC",
        ];
        // Where nothing waits for the disk, checkpoints cost little, and the room that fewer of them take is not worth it.
        settings.AddRange(options.Durable ? ["max_wal_size=2GB"] : ["max_wal_size=256MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]);

        return new ServerProgram("PostgreSQL", [programs.Path("postgres"), "-D", files.Data, .. settings.SelectMany(s => (string[])["-c", s])], files.Path, StopSignal: "INT")
        {
            User = files.User,
        };
    }

    // False: the server has exited.
    private async Task<bool> AnswersAsync(Supervisor server, Stopwatch started, CancellationToken cancellation)
    {
        try
        {
            while (!server.HasExited)
            {
                try
                {
                    await CreateDatabaseAsync(cancellation);
                    return true;
                }
                catch (NpgsqlException) when (started.Elapsed < StartTimeout)
                {
                    await Task.Delay(PollInterval, cancellation);
                }
            }
            return false;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            if (e is NpgsqlException)
                throw new LocalServerException($"PostgreSQL does not answer: {e.Message.ReplaceLineEndings(" ")}");
            throw;
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellation)
    {
        await using var source = new NpgsqlDataSourceBuilder(Address("postgres").ConnectionString + ";Pooling=false;Timeout=5") { Name = "private server" }.Build();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var look = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = options.Database } } };
        if (await look.ExecuteScalarAsync(cancellation) is not null)
            return;

        var name = new NpgsqlCommandBuilder().QuoteIdentifier(options.Database);
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlConnectionStringBuilder Address(string database) =>
        new() { Host = "127.0.0.1", Port = Port, Database = database, Username = "postgres", Password = password };
}
