using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Cli.Invocation;
using Npgsql;

namespace Monolith.Cli.Local;

/// <summary>Runs psql on the private database as its superuser.</summary>
internal static class PsqlCommand
{
    public static Command Create(CancellationToken outputClosed)
    {
        var data = SharedOptions.Data();
        var arguments = new Argument<string[]>("ARG") { Description = "arguments of psql, after --", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("psql", "psql on the private database as its superuser: psql [--data DIR] [-- ARG …]")
        {
            data, arguments,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(arguments) ?? [], outputClosed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string data, string[] arguments, CancellationToken outputClosed, CancellationToken cancellation)
    {
        var address = new NpgsqlConnectionStringBuilder((await Endpoints.RunningAsync(data, cancellation)).Postgres);
        var start = new ProcessStartInfo(await Psql.FindAsync(cancellation), arguments);
        start.Environment["PGHOST"] = address.Host;
        start.Environment["PGPORT"] = address.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = address.Database;
        start.Environment["PGUSER"] = address.Username;
        start.Environment["PGPASSWORD"] = address.Password;

        try
        {
            using var psql = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
            // psql is in the terminal's foreground group and receives Ctrl-C itself, which cancels a query there. Only TERM ends both.
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => psql.Kill());
            using var pipe = outputClosed.Register(psql.Kill);
            await psql.WaitForExitAsync(CancellationToken.None);
            return psql.ExitCode;
        }
        catch (Win32Exception)
        {
            throw new CommandFailedException(
                "psql is not installed: install it (Debian: apt-get install postgresql-client; Red Hat: dnf install postgresql; "
                + "macOS: brew install libpq).");
        }
    }
}
